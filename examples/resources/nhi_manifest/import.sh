# The id of an import is the name of the manifest; its identities come with it.
terraform import nhi_manifest.agents support-agents
