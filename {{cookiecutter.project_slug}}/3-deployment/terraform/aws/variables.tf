variable "region" {
  type        = string
  description = "Where all of it is, such as eu-central-1."
}

variable "environment" {
  type        = string
  description = "staging or production; each has a state of its own."
  default     = "staging"
  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "Choose staging or production."
  }
}

variable "image" {
  type        = string
  description = "The image to run, by its digest: name@sha256:... Empty until the first one is pushed."
  default     = ""
}

variable "replicas" {
  type        = number
  description = "How many tasks answer."
  default     = 2
}

variable "vpc_id" {
  type        = string
  description = "The network of the service."
}

variable "subnet_ids" {
  type        = list(string)
  description = "At least two private subnets with a way out to ECR (a NAT gateway or endpoints)."
}

variable "allowed_cidrs" {
  type        = list(string)
  description = "Who may ask the service, such as [\"10.0.0.0/8\"]."
}

variable "certificate_arn" {
  type        = string
  description = "The certificate of the service's name, from ACM."
}
