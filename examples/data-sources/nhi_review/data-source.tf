# How often somebody looks at what reaches production.
data "nhi_review" "production" {
  name = "production-quarterly"
}

output "production_review" {
  value = "every ${data.nhi_review.production.period} by ${join(" or ", data.nhi_review.production.reviewers)}"
}
