# The id of an import is the name of the identity.
terraform import nhi_identity.deploy checkout-deploy
