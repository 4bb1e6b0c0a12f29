{{/*
What a profile stands for. The enforce profile is what Ringfence does without any configuration.
*/}}
{{- define "ringfence.profile" -}}
{{- if eq .Values.profile "enforce" -}}
defaults: {enforce: baseline, audit: restricted, warn: restricted, version: v1}
defaultDeny: {newNamespaces: enabled, existingNamespaces: audit, excludedNamespaces: [], allowDNS: auto, marking: auto}
{{- else -}}
defaults: {enforce: privileged, audit: baseline, warn: baseline, version: v1}
defaultDeny: {newNamespaces: audit, existingNamespaces: audit, excludedNamespaces: [], allowDNS: auto, marking: auto}
{{- end }}
parameters: {}
warnings: {podsAndServices: auto}
exemptions: {namespaces: [], users: [], groups: []}
{{- end }}

{{/* The sections of the configuration: the profile, and what the values say over it. */}}
{{- define "ringfence.configuration" -}}
{{- mergeOverwrite (include "ringfence.profile" . | fromYaml) (deepCopy .Values.configuration) | toYaml }}
{{- end }}

{{/* What happens to a NetworkPolicy while no webhook answers. */}}
{{- define "ringfence.failurePolicy" -}}
{{- eq .Values.profile "enforce" | ternary "Fail" "Ignore" }}
{{- end }}

{{/*
Who marks new namespaces. `auto` asks the API server, which `helm template` cannot: where manifests
are rendered elsewhere, set `policy` or pass --api-versions.
*/}}
{{- define "ringfence.marking" -}}
{{- $asked := (include "ringfence.configuration" . | fromYaml).defaultDeny.marking -}}
{{- $served := .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy" -}}
{{- if eq $asked "auto" }}{{ ternary "policy" "webhook" $served }}{{ else }}{{ $asked }}{{ end }}
{{- end }}

{{/* A list as CEL strings; an empty one becomes a name that no namespace can have. */}}
{{- define "ringfence.celStrings" -}}
{{- $quoted := list }}
{{- range (default (list "(none)") .) }}{{ $quoted = append $quoted (quote .) }}{{ end }}
{{- join ", " $quoted }}
{{- end }}
