# Who may be raised, and for how long at a time.
data "nhi_elevation" "repair" {
  name = "repair-production"
}

output "repair_by" {
  value = data.nhi_elevation.repair.subjects
}
