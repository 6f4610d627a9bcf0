import {
  to = nhi_review.production
  identity = {
    name = "production-quarterly"
  }
}
