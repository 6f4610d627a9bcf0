# The reviews that one owner runs.
list "nhi_review" "security" {
  provider = nhi

  config {
    owner = "team-security"
  }
}
