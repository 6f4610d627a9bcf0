# The id of an import is the name of the exception.
terraform import nhi_exception.legacy_bucket checkout-legacy-bucket
