# Every access for emergencies, and where it is sealed.
data "nhi_break_glasses" "all" {
}

output "sealed" {
  value = { for one in data.nhi_break_glasses.all.items : one.name => one.sealed_location }
}
