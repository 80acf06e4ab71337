"""A package for the import tests; importing it leaves a trace in `loaded`."""

loaded = ["support"]
package_value = 1
