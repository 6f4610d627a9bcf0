# The id of an import is the name of the review.
terraform import nhi_review.production production-quarterly
