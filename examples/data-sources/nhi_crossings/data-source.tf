# Crossings that nobody approved yet.
data "nhi_crossings" "all" {
}

output "waiting_crossings" {
  value = [for one in data.nhi_crossings.all.items : one.name if one.standing == "unapproved"]
}
