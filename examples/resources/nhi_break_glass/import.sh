# The id of an import is the name of the break-glass access.
terraform import nhi_break_glass.cluster cluster-emergency
