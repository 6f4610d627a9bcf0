# Whom to ask about an identity.
data "nhi_owner" "platform" {
  name = "team-platform"
}

output "ask" {
  value = join(", ", setunion(data.nhi_owner.platform.accountable, data.nhi_owner.platform.backup))
}
