#!/usr/bin/env bash
# Builds the named binaries that are missing from the folder $1, from the Go module proxy: `build.sh FOLDER BINARY...`
# Fails with one sentence when the Go toolchain is missing.
set -euo pipefail
K8S=1.36.3 ETCD=3.6.7 KWOK=0.8.0 CONTAINERD=2.3.7 CNI=1.9.1
FOLDER=$1
WORK=$FOLDER/../modules
shift

module_of() { # BINARY -> MODULE VERSION FOLDER: the folder of its package in the module
  case $1 in
    kube*) echo "k8s.io/kubernetes $K8S /cmd/$1" ;;
    etcd) echo "go.etcd.io/etcd/server/v3 $ETCD" ;;
    kwok) echo "sigs.k8s.io/kwok $KWOK /cmd/kwok" ;;
    containerd | containerd-shim-runc-v2 | ctr) echo "github.com/containerd/containerd/v2 $CONTAINERD /cmd/$1" ;;
    bridge) echo "github.com/containernetworking/plugins $CNI /plugins/main/bridge" ;;
    host-local) echo "github.com/containernetworking/plugins $CNI /plugins/ipam/host-local" ;;
  esac
}

# `go install package@version` refuses a module that has replace directives, so each module is required by a generated go.mod.
# Kubernetes replaces its staging modules with folders; they are published under the same names.
enter_module() { # MODULE VERSION; leaves the working folder in a module that requires it
  local folder=$WORK/${1//\//_} upstream
  mkdir -p "$folder"
  cd "$folder"
  if [ -f go.mod ] && grep -qF "$1 v$2" go.mod; then return; fi
  rm -f go.mod go.sum
  go mod init build.local/x 2>/dev/null
  go mod edit -require="$1@v$2"
  [ "$1" = k8s.io/kubernetes ] || return 0
  upstream=$(go mod download -json "$1@v$2" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
  grep -oE 'k8s.io/[a-z-]+ => ./staging' "$upstream" |
    awk -v v="v0.${2#1.}" '{print "-replace=" $1 "=" $1 "@" v}' | xargs go mod edit
}

mkdir -p "$FOLDER"
for binary in "$@"; do
  [ ! -x "$FOLDER/$binary" ] || continue
  command -v go >/dev/null || {
    echo "The cluster tests need $binary: install Go 1.26 or newer to build it, or set KUBEBUILDER_ASSETS to a folder that has it." >&2
    exit 1
  }
  begin=$SECONDS
  echo "building $binary ..." >&2
  (
    export CGO_ENABLED=0 GOFLAGS='-mod=mod -buildvcs=false -trimpath'
    read -r module version folder <<<"$(module_of "$binary")"
    enter_module "$module" "$version"
    # Kubernetes takes its version from the linker, and reports v0.0.0 without.
    v=k8s.io/component-base/version
    go build -ldflags "-s -w -X $v.gitVersion=v$K8S -X $v.gitMajor=1 -X $v.gitMinor=${K8S:2:2}" \
      -o "$FOLDER/.$binary" "$module$folder"
  )
  mv "$FOLDER/.$binary" "$FOLDER/$binary"
  echo "built $binary in $((SECONDS - begin)) s" >&2
done
