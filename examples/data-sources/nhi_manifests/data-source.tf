# How many identities each manifest declares.
data "nhi_manifests" "all" {
}

output "identities_by_manifest" {
  value = { for one in data.nhi_manifests.all.items : one.name => length(one.identities) }
}
