# The id of an import is the name of the credential.
terraform import nhi_credential.mirror checkout-mirror-password
