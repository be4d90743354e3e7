variable "project" {
  type        = string
  description = "The id of the Google Cloud project."
}

variable "region" {
  type        = string
  description = "Where all of it is, such as europe-west3."
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

variable "max_instances" {
  type        = number
  description = "How many instances may answer at most."
  default     = 4
}

variable "invokers" {
  type        = list(string)
  description = "Who may ask the service, such as [\"serviceAccount:shop@project.iam.gserviceaccount.com\"]."
  default     = []
}
