# The id of an import is the name of the elevation.
terraform import nhi_elevation.repair repair-production
