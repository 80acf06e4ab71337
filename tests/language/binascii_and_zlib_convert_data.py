# Base64, hexadecimal, uuencoding, quoted-printable, checksums, and compression in one go and by streams.
import binascii
import zlib
def t(f, *a, **k):
    try: print(getattr(f,'__name__',f),str(a)[:100],k,'->',repr(f(*a,**k))[:100])
    except BaseException as e: print(getattr(f,'__name__',f),str(a)[:100],k,'!!',type(e).__name__,e)
B=binascii
for x in ['', 'QQ==','QQ=','QQ','Q','Q===','QQ==QQ==','QUJD','QUJ D\n','QUJD=','=QQQ','Q=Q=','QQ=Q','Q!Q=','QQ==\n','QQ==x','QQ===','====','Q=','QUJDRA==\n\n','Q\nQ==','A=BC','ABCDE','ABCDEF','AB=','AB=C=']:
    t(B.a2b_base64,x); t(B.a2b_base64,x.encode(),strict_mode=True)
t(B.a2b_base64,'\xe9');t(B.a2b_base64,5);t(B.b2a_base64,b'abc');t(B.b2a_base64,b'abc',newline=False);t(B.b2a_base64,'x');t(B.b2a_base64,b'a'*100)
for x in ['','0a','0','0g','0A fF',b'00ff','\xe9',5,bytearray(b'41')]: t(B.unhexlify,x)
t(B.hexlify,b'abcdef','-');t(B.hexlify,b'abcdefg',b':',2);t(B.hexlify,b'abcdefg',':',-2);t(B.hexlify,b'abc','ab');t(B.hexlify,b'abc',5);t(B.hexlify,b'abc','\u1234');t(B.hexlify,'x');t(B.hexlify,b'',':');t(B.hexlify,b'abc',':',0);t(B.hexlify,b'abc',':',100);t(B.hexlify,data=b'a',sep='x',bytes_per_sep=1);t(B.hexlify,b'ab','\xe9')
for x in [b'',b'abc',b'a'*45,b'a'*46,b'\0\0\0']: t(B.b2a_uu,x);t(B.b2a_uu,x,backtick=True)
for x in [b'',b'#86)C\n','#86)C',b'#86)',b'#86\x7fC',b'#86)C  x',b' \n',b'`\n',b'"86',b'!80``\n',b'#86)Cxx\n',b'#86)C`']: t(B.a2b_uu,x)
for x in [b'',b'a=20b',b'a=\nb',b'a=\r\nb',b'a=',b'a==b',b'a=4',b'=41=zz',b'a_b',b'=\n',b'a=3D\n']: t(B.a2b_qp,x);t(B.a2b_qp,x,header=True)
for x in [b'',b'a b',b'a \n',b'a\t',b'=',b'\xff',b'a'*100,b'.',b'.\n',b'a\r\nb',b'a\rb',b'_ ',b'a '*50,b'x'*75+b'=',b'x'*76, b'x'*77,b'\n\n', b' ', b'a  \r\n', b'.a',b'\t\n']:
    for k in [{},dict(quotetabs=True),dict(istext=False),dict(header=True),dict(quotetabs=True,istext=False,header=True)]: t(B.b2a_qp,x,**k)
t(B.crc_hqx,b'abc',0);t(B.crc_hqx,b'abc',-1);t(B.crc_hqx,b'abc');t(B.crc32,b'abc');t(B.crc32,b'abc',-1);t(B.crc32,b'abc',2**40+5);t(B.crc32,'x');t(zlib.crc32,b'abc',1);t(zlib.adler32,b'abc');t(zlib.adler32,b'abc',5);t(zlib.adler32,b'abc',-1);t(B.crc_hqx,b'abc',2**40)
print(B.Error.__mro__,B.Incomplete.__mro__,B.Error.__module__)
Z=zlib
c=Z.compress(b'hello'*10);t(Z.compress,b'hello'*10);t(Z.compress,b'x',10);t(Z.compress,b'x',-2);t(Z.compress,'x');t(Z.compress,b'x',level=0);t(Z.compress,b'x'*10,9,-15);t(Z.compress,b'x'*10,wbits=31);t(Z.compress,b'x',wbits=99);
t(Z.decompress,c);t(Z.decompress,c[:-1]);t(Z.decompress,b'xx');t(Z.decompress,c+b'xx');t(Z.decompress,c,bufsize=0);t(Z.decompress,c,bufsize=-1);t(Z.decompress,c,-15);t(Z.decompress,c,wbits=99);t(Z.decompress,b'');t(Z.decompress,c,15,1);t(Z.decompress,c[:-2]+b'zz')
o=Z.compressobj();print(type(o),[n for n in dir(o) if n[0]!='_' or n in('__copy__','__deepcopy__')]);t(o.compress,b'abc');t(o.flush,Z.Z_SYNC_FLUSH);t(o.compress,b'x');o2=o.copy();t(o.flush);t(o.flush);t(o.compress,b'x');t(o2.flush,Z.Z_NO_FLUSH);t(o2.flush);t(Z.compressobj,level=99);t(Z.compressobj,wbits=99);t(Z.compressobj,memLevel=99);t(Z.compressobj,zdict=5);t(Z.compressobj,1,9);t(Z.compressobj,strategy=99);t(o.copy);t(o.flush,99)
d=Z.decompressobj();print(type(d),[n for n in dir(d) if n[0]!='_' or n in('__copy__','__deepcopy__')]);t(d.decompress,c,3);print(d.unconsumed_tail,d.unused_data,d.eof);t(d.decompress,d.unconsumed_tail,0);t(d.flush);t(d.decompress,b'zz');print(d.unused_data,d.eof,d.unconsumed_tail);t(d.decompress,b'zz',-1);t(d.flush,0);t(d.flush,-1);t(d.decompress,'x')
t(Z.decompressobj,wbits=99);t(Z.decompressobj,zdict=5)
zd=b'hello world';o=Z.compressobj(zdict=zd);x=o.compress(b'hello world hello')+o.flush();t(Z.decompressobj(zdict=zd).decompress,x);t(Z.decompressobj().decompress,x);t(Z.decompressobj(zdict=b'zz').decompress,x);t(Z.decompress,x)
d=Z.decompressobj();t(d.decompress,b'xx');d=Z.decompressobj();t(d.decompress,c[:10]);t(d.flush);e=d.copy();t(e.decompress,c[10:]);print(e.eof)
t(type(d));t(type(o)); print({n:getattr(Z,n) for n in dir(Z) if n[0]!='_' and not callable(getattr(Z,n))},Z.error,Z.error.__mro__,Z.__version__,type(Z.__doc__),type(B.__doc__))
