output "rank" {
  value = provider::nhi::tier_rank("gold")
}
