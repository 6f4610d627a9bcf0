# One identity out of many that one resource declares.
data "nhi_manifest" "agents" {
  name = "support-agents"
}

output "translator" {
  value = data.nhi_manifest.agents.identities["support-translator"].principal
}
