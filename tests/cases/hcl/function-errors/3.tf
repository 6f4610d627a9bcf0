output "days" {
  value = provider::nhi::expires_in_days("tomorrow", "2026-11-01T00:00:00Z")
}
