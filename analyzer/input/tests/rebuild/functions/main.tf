# Every function and form, with everything known: the plan's own values are what the rebuilt ones must equal.
variable "names" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "settings" {
  type = object({
    name    = string
    count   = optional(number, 3)
    tags    = optional(map(string), {})
    enabled = optional(bool)
  })
  default = { name = 7, tags = { n = 1 }, extra = "dropped" }
}

locals {
  base   = "logs"
  nested = { "a.b" = { c = [1, "two", null] } }
  list   = ["x", "y", "z"]
}

resource "terraform_data" "e001" {
  input = jsonencode({ x = "<a&b>\u2028", n = 1.50, m = null, b = true, l = [], o = {} })
}

resource "terraform_data" "e002" {
  input = jsondecode("{\"a\":[1,2.5,null,{\"b\":\"c\"}]}")
}

resource "terraform_data" "e003" {
  input = merge({ a = { x = 1 } }, null, { a = { y = 2 } })
}

resource "terraform_data" "e004" {
  input = compact(["a", "", null, "b"])
}

resource "terraform_data" "e005" {
  input = formatlist("%s/%s", ["a", "b"], "c")
}

resource "terraform_data" "e006" {
  input = format("%s-%d-%v%%", "a", 3, true)
}

resource "terraform_data" "e007" {
  input = try(lookup({ a = 1 }, "b"), "none")
}

resource "terraform_data" "e008" {
  input = try(local.nested.missing.deep, [1])
}

resource "terraform_data" "e009" {
  input = can(local.nested.missing)
}

resource "terraform_data" "e010" {
  input = 7 / 2
}

resource "terraform_data" "e011" {
  input = -7 % 3
}

resource "terraform_data" "e012" {
  input = 0.5 * 4
}

resource "terraform_data" "e013" {
  input = flatten(["a", ["b", ["c"]], []])
}

resource "terraform_data" "e014" {
  input = zipmap(["a", "b"], [1, 2])
}

resource "terraform_data" "e015" {
  input = setproduct(["a", "b"], ["c", "d"])
}

resource "terraform_data" "e016" {
  input = trim("xxaxx", "x")
}

resource "terraform_data" "e017" {
  input = substr("hello", 1, -1)
}

resource "terraform_data" "e018" {
  input = element(local.list, 5)
}

resource "terraform_data" "e019" {
  input = element(local.list, 1)
}

resource "terraform_data" "e020" {
  input = trimspace("  a ")
}

resource "terraform_data" "e021" {
  input = true ? 1 : "a"
}

resource "terraform_data" "e022" {
  input = true ? { a = 1, b = "x" } : {}
}

resource "terraform_data" "e023" {
  input = false ? ["a"] : []
}

resource "terraform_data" "e024" {
  input = coalesce(null, 1, "a")
}

resource "terraform_data" "e025" {
  input = coalescelist([], ["a"])
}

resource "terraform_data" "e026" {
  input = "a-${true}-${1.50}-${null == null}"
}

resource "terraform_data" "e027" {
  input = tomap({ a = 1, b = "c" })
}

resource "terraform_data" "e028" {
  input = tolist([1, "c"])
}

resource "terraform_data" "e029" {
  input = toset(["b", "a", "b"])
}

resource "terraform_data" "e030" {
  input = { for k, v in { a = 1, b = 0 } : k => v if v > 0 }
}

resource "terraform_data" "e031" {
  input = { for v in ["a", "b", "a"] : v => v... }
}

resource "terraform_data" "e032" {
  input = [for i, v in toset(["b", "a"]) : "${i}=${v}"]
}

resource "terraform_data" "e033" {
  input = [for i, v in local.list : "${i}=${v}"]
}

resource "terraform_data" "e034" {
  input = replace("hello", "l", "L")
}

resource "terraform_data" "e035" {
  input = join(",", [1, true, "x"])
}

resource "terraform_data" "e036" {
  input = join("-", ["", "a"])
}

resource "terraform_data" "e037" {
  input = "a\tb$${x}%%{y}"
}

resource "terraform_data" "e038" {
  input = concat(tolist([1]), ["a"])
}

resource "terraform_data" "e039" {
  input = chomp("a\n\n")
}

resource "terraform_data" "e040" {
  input = indent(2, "a\nb")
}

resource "terraform_data" "e041" {
  input = split(",", "a,,b")
}

resource "terraform_data" "e042" {
  input = { (1) = "x", "true" = 2, a : 3 }
}

resource "terraform_data" "e043" {
  input = distinct(["b", "a", "b"])
}

resource "terraform_data" "e044" {
  input = range(3)
}

resource "terraform_data" "e045" {
  input = range(5, 1, -2)
}

resource "terraform_data" "e046" {
  input = { a = 1 }[*].a
}

resource "terraform_data" "e047" {
  input = max(1, 2.5)
}

resource "terraform_data" "e048" {
  input = min(3, "2")
}

resource "terraform_data" "e049" {
  input = sum([1, 2, 0.5])
}

resource "terraform_data" "e050" {
  input = abs(-3)
}

resource "terraform_data" "e051" {
  input = ceil(1.2)
}

resource "terraform_data" "e052" {
  input = floor(-1.2)
}

resource "terraform_data" "e053" {
  input = 1 == 1.0
}

resource "terraform_data" "e054" {
  input = "1" == 1
}

resource "terraform_data" "e055" {
  input = ["a"] == ["a"]
}

resource "terraform_data" "e056" {
  input = tolist(["a"]) == ["a"]
}

resource "terraform_data" "e057" {
  input = [for s in ["a"] : s] == ["a"]
}

resource "terraform_data" "e058" {
  input = null == null
}

resource "terraform_data" "e059" {
  input = !false && (1 < 2 || false)
}

resource "terraform_data" "e060" {
  input = keys({ b = 1, a = 2 })
}

resource "terraform_data" "e061" {
  input = values({ b = 1, a = 2 })
}

resource "terraform_data" "e062" {
  input = lookup({ a = "x" }, "b", "y")
}

resource "terraform_data" "e063" {
  input = contains(local.list, "y")
}

resource "terraform_data" "e064" {
  input = index(local.list, "y")
}

resource "terraform_data" "e065" {
  input = reverse(local.list)
}

resource "terraform_data" "e066" {
  input = slice(local.list, 1, 3)
}

resource "terraform_data" "e067" {
  input = sort(["b", "C", "a"])
}

resource "terraform_data" "e068" {
  input = one([5])
}

resource "terraform_data" "e069" {
  input = length(local.list)
}

resource "terraform_data" "e070" {
  input = length("abc")
}

resource "terraform_data" "e071" {
  input = length({ a = 1 })
}

resource "terraform_data" "e072" {
  input = setunion(["a"], ["b", "a"])
}

resource "terraform_data" "e073" {
  input = setintersection(["a", "b"], ["b"])
}

resource "terraform_data" "e074" {
  input = setsubtract(["a", "b"], ["b"])
}

resource "terraform_data" "e075" {
  input = upper("ab")
}

resource "terraform_data" "e076" {
  input = lower("AB")
}

resource "terraform_data" "e077" {
  input = title("ab cd-ef")
}

resource "terraform_data" "e078" {
  input = startswith("abc", "ab")
}

resource "terraform_data" "e079" {
  input = endswith("abc", "ab")
}

resource "terraform_data" "e080" {
  input = trimprefix("abc", "a")
}

resource "terraform_data" "e081" {
  input = trimsuffix("abc", "c")
}

resource "terraform_data" "e082" {
  input = strcontains("abc", "b")
}

resource "terraform_data" "e083" {
  input = alltrue([true, false])
}

resource "terraform_data" "e084" {
  input = anytrue([true, false])
}

resource "terraform_data" "e085" {
  input = tostring(5)
}

resource "terraform_data" "e086" {
  input = tonumber("5.50")
}

resource "terraform_data" "e087" {
  input = tobool("true")
}

resource "terraform_data" "e088" {
  input = var.names
}

resource "terraform_data" "e089" {
  input = var.settings
}

resource "terraform_data" "e090" {
  input = local.nested["a.b"].c[1]
}

resource "terraform_data" "e091" {
  input = local.nested["a.b"].c
}

resource "terraform_data" "e092" {
  input = [for o in [{ a = 1 }, { a = 2 }] : o.a]
}

resource "terraform_data" "e093" {
  input = local.list[1]
}

resource "terraform_data" "e094" {
  input = [{ a = [1, 2] }, { a = [3] }][*].a
}

resource "terraform_data" "e095" {
  input = nonsensitive("x")
}

resource "terraform_data" "e096" {
  input = path.module
}

resource "terraform_data" "e097" {
  input = file("${path.module}/templates/note.txt")
}

resource "terraform_data" "e098" {
  input = templatefile("${path.module}/templates/list.tftpl", { items = ["a", "b"], who = "me" })
}

resource "terraform_data" "e099" {
  input = <<-EOT
    line ${local.base}
      deeper
  EOT
}

resource "terraform_data" "e100" {
  input = <<EOT
%{ for x in ["p", "q"] ~}
"${x}",
%{ endfor ~}
%{ if length(local.list) > 2 }yes%{ else }no%{ endif }
EOT
}

resource "terraform_data" "e101" {
  input = "%{ for k, v in { a = 1 } }${k}=${v};%{ endfor }"
}

resource "terraform_data" "e102" {
  input = "%{ if true ~}  x  %{~ endif }|"
}

resource "terraform_data" "e103" {
  input = try(tonumber("x"), "fallback")
}

resource "terraform_data" "e104" {
  input = [for x in [1, 2, 3] : x if x != 2]
}

resource "terraform_data" "e105" {
  input = merge([for n in ["a", "b"] : { (n) = upper(n) }]...)
}

resource "terraform_data" "e106" {
  input = cidrsubnet("10.0.0.0/8", 8, 1)
}

resource "terraform_data" "e107" {
  input = base64encode("x")
}

resource "terraform_data" "e108" {
  input = regex("[a-z]+", "123abc")
}
