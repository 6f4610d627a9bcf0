output "subject" {
  value = provider::nhi::github_subject({
    repository  = "no-slash"
    environment = "production"
  })
}
