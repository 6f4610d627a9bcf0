# The reviews that one owner runs.
data "nhi_reviews" "security" {
  owner = "team-security"
}

output "reviews_of_security" {
  value = data.nhi_reviews.security.names
}
