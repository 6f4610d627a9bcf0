# Exceptions that end within a month.
data "nhi_exceptions" "ending" {
  expiring_within = "30d"
}

output "ending_exceptions" {
  value = { for one in data.nhi_exceptions.ending.items : one.name => one.owner }
}
