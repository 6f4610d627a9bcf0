# When nothing new is let in.
data "nhi_freeze" "year_end" {
  name = "year-end-2027"
}

output "frozen" {
  value = "${data.nhi_freeze.year_end.starts_at} to ${data.nhi_freeze.year_end.ends_at}"
}
