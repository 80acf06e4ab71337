"""A module that behaves differently as a script."""

result = f"imported as {__name__}"

if __name__ == "__main__":
    print("run as a script")
