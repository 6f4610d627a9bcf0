# The id of an import is the name of the owner.
terraform import nhi_owner.platform team-platform
