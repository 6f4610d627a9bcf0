resource "terraform_data" "place" {
  input = "sqlite:later.db?mode=create"
}

provider "nhi" {
  workspace = "scenario"
  register  = terraform_data.place.output
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}
