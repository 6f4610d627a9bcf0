# The id of an import is the name of the federation.
terraform import nhi_federation.checkout checkout-pipeline
