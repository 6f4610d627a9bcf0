# What is permitted though it should not be, weighed by tier and age.
data "nhi_exception_debt" "all" {
}

output "debt" {
  value = data.nhi_exception_debt.all.debt
}

output "owners_with_debt" {
  value = data.nhi_exception_debt.all.owners
}
