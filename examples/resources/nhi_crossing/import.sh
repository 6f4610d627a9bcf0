# The id of an import is the name of the crossing.
terraform import nhi_crossing.promote promote-fraud-model
