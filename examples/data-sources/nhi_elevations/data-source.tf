# Who can be raised to what one owner answers for.
data "nhi_elevations" "platform" {
  owner = "team-platform"
}

output "elevations_of_platform" {
  value = { for one in data.nhi_elevations.platform.items : one.name => one.duration }
}
