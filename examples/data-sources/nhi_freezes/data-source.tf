# Every freeze, by its reason.
data "nhi_freezes" "all" {
}

output "freezes" {
  value = { for one in data.nhi_freezes.all.items : one.name => one.reason }
}
