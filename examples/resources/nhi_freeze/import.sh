# The id of an import is the name of the freeze.
terraform import nhi_freeze.year_end year-end-2027
