variable "subscription_id" {
  type        = string
  description = "The subscription that pays."
}

variable "location" {
  type        = string
  description = "Where all of it is, such as westeurope."
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

variable "suffix" {
  type        = string
  description = "Makes the names of the registry and the storage unique in the world."
  validation {
    condition     = can(regex("^[a-z0-9]{3,8}$", var.suffix))
    error_message = "Choose 3 to 8 lower-case letters and digits."
  }
}

variable "image" {
  type        = string
  description = "The image to run, by its digest: name@sha256:... Empty until the first one is pushed."
  default     = ""
}

variable "max_replicas" {
  type        = number
  description = "How many replicas may answer at most; there is always one."
  default     = 4
}
