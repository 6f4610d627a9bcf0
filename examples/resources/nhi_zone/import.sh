# The id of an import is the name of the zone.
terraform import nhi_zone.build build
