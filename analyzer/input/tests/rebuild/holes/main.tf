# `id` and `output` of `terraform_data` are unknown while planning: they stand for the ARNs of new resources.
variable "extra" {
  type    = list(string)
  default = ["arn:aws:s3:::shared"]
}

variable "secret" {
  type      = string
  default   = "hush"
  sensitive = true
}

locals {
  names   = toset(["logs", "data"])
  actions = ["s3:GetObject", "s3:PutObject"]
  arns    = [for name, store in module.store : store.arn]
  statement = {
    Effect   = "Allow"
    Action   = local.actions
    Resource = [terraform_data.bucket.id, "${terraform_data.bucket.id}/*"]
  }
  loop_a = local.loop_b
  loop_b = "x"
}

resource "terraform_data" "bucket" {
  input = "bucket"
}

resource "terraform_data" "many" {
  count = 2
  input = "many-${count.index}"
}

resource "terraform_data" "keyed" {
  for_each = { a = "x", "b.c" = "y" }
  input    = "${each.key}=${each.value}"
}

module "store" {
  source   = "./modules/store"
  for_each = local.names
  name     = each.key
  bucket   = terraform_data.bucket.id
}

resource "terraform_data" "encoded" {
  input = jsonencode({ Version = "2012-10-17", Statement = [local.statement] })
}

resource "terraform_data" "heredoc" {
  input = <<-EOT
    {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "${terraform_data.bucket.id}/*"}]}
  EOT
}

resource "terraform_data" "splat" {
  input = jsonencode({ Resource = terraform_data.many[*].id, One = terraform_data.many[1].id })
}

resource "terraform_data" "instance" {
  input = "${terraform_data.keyed["b.c"].id}:${terraform_data.keyed["b.c"].input}"
}

resource "terraform_data" "values" {
  input = jsonencode(values(terraform_data.keyed)[*].id)
}

resource "terraform_data" "modules" {
  input = jsonencode({ all = local.arns, one = module.store["logs"].arn, known = module.store["logs"].name })
}

resource "terraform_data" "through" {
  input = jsonencode(concat(var.extra, [for arn in local.arns : "${arn}/*"]))
}

resource "terraform_data" "flat" {
  input = jsonencode(flatten([for store in module.store : [store.arn, "${store.arn}/*"]]))
}

resource "terraform_data" "formatted" {
  input = join(",", formatlist("%s/*", terraform_data.many[*].id))
}

resource "terraform_data" "merged" {
  input = jsonencode(merge(local.statement, { Sid = "Own", Condition = { StringEquals = { "aws:SourceArn" = terraform_data.bucket.id } } }))
}

resource "terraform_data" "looked_into" {
  input = jsonencode({ Resource = replace(terraform_data.bucket.id, "-", "/"), Known = "yes" })
}

resource "terraform_data" "compared" {
  input = jsonencode({ Effect = terraform_data.bucket.id == "x" ? "Allow" : "Deny" })
}

resource "terraform_data" "counted" {
  input = jsonencode({ n = length(toset([terraform_data.bucket.id, "x"])), m = length(terraform_data.many) })
}

resource "terraform_data" "set" {
  input = jsonencode(toset([terraform_data.bucket.id, "x", "x"]))
}

resource "terraform_data" "lister" {
  input = [terraform_data.bucket.id]
}

resource "terraform_data" "spliced" {
  input = jsonencode(concat(["x"], terraform_data.lister.output))
}

resource "terraform_data" "over_unknown" {
  input = jsonencode([for arn in terraform_data.lister.output : "${arn}/*"])
}

resource "terraform_data" "tried" {
  input = jsonencode({ a = try(terraform_data.bucket.id, "x"), b = try(upper(terraform_data.bucket.id), "x") })
}

resource "terraform_data" "coalesced" {
  input = jsonencode([coalesce(terraform_data.bucket.id, "x"), coalesce("y", terraform_data.bucket.id)])
}

resource "terraform_data" "key" {
  input = jsonencode({ (terraform_data.bucket.id) = 1, other = 2 })
}

resource "terraform_data" "decoded" {
  input = jsonencode(jsondecode(terraform_data.heredoc.input).Statement[0].Resource)
}

resource "terraform_data" "decoded_again" {
  input = jsonencode(jsondecode(jsonencode({ a = terraform_data.bucket.id, b = "x-${terraform_data.bucket.id}" })))
}

resource "terraform_data" "file" {
  input = templatefile("${path.module}/templates/policy.json.tftpl", { arn = terraform_data.bucket.id, actions = local.actions })
}

resource "terraform_data" "chomped" {
  input = trimspace(<<EOT
  {"Resource": "${terraform_data.bucket.id}"}
EOT
  )
}

resource "terraform_data" "secret" {
  input = jsonencode({ Key = var.secret, Resource = terraform_data.bucket.id })
}

resource "terraform_data" "secret_inside" {
  input = jsonencode({ Key = upper("${var.secret}-x"), Resource = terraform_data.bucket.id })
}

resource "terraform_data" "workspace" {
  input = "${terraform.workspace}/${terraform_data.bucket.id}"
}
