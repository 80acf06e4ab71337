# subprocess of the standard library: pipes, errors, timeouts, descriptors passed on, functions run before exec.
import os
import subprocess

print(subprocess.run(["echo", "hi"], capture_output=True))
print(subprocess.run("cat; exit 3", shell=True, input=b"abc", capture_output=True))
for arguments, keywords in ((["/nonexistent/x"], {}), (["ls"], {"cwd": "/nonexistent"})):
    try:
        subprocess.run(arguments, **keywords)
    except FileNotFoundError as error:
        print(error, error.filename)
process = subprocess.Popen(["sh", "-c", "echo a; echo b >&2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
print(process.communicate(), process.returncode)
print(subprocess.check_output(["printenv", "X"], env={"X": "y", "PATH": os.environ["PATH"]}), subprocess.getoutput("echo z"))
try:
    subprocess.run(["sleep", "5"], timeout=0.1)
except subprocess.TimeoutExpired as error:
    print(error.cmd)
try:
    subprocess.check_call(["false"])
except subprocess.CalledProcessError as error:
    print(error)
print(subprocess.run(["sh", "-c", "kill -9 $$"]).returncode, subprocess.call(["true"]))
process = subprocess.Popen(["sh", "-c", "echo $1", "x", "arg"], stdout=subprocess.PIPE, preexec_fn=lambda: os.write(1, b"pre\n"))
print(process.communicate())
try:
    subprocess.Popen(["true"], preexec_fn=lambda: 1 / 0)
except subprocess.SubprocessError as error:
    print(error)
process = subprocess.Popen(["sort"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
print(process.communicate("b\na\n"))
reading, writing = os.pipe()
process = subprocess.Popen(["sh", "-c", f"echo passed >&{writing}"], pass_fds=[writing])
os.close(writing)
print(process.wait(), os.read(reading, 100))
print(subprocess.run(["sh", "-c", f"echo x >&{reading}"], stderr=subprocess.DEVNULL).returncode != 0)
print(os.popen("echo popen").read())
