#!/usr/bin/env bash
# Builds what is missing of etcd, kube-apiserver and kubectl into the folder $1, from the Go module proxy: about 5 minutes once.
# Fails with one sentence when the Go toolchain is missing.
set -euo pipefail
K8S=1.36.3 ETCD=3.6.7
FOLDER=$1
WORK=$FOLDER/../modules

package() { # BINARY -> PACKAGE
  case $1 in
    etcd) echo go.etcd.io/etcd/server/v3 ;;
    *) echo "k8s.io/kubernetes/cmd/$1" ;;
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
for binary in etcd kube-apiserver kubectl; do
  [ ! -x "$FOLDER/$binary" ] || continue
  command -v go >/dev/null || {
    echo "The cluster tests need $binary: install Go 1.26 or newer to build it, or set KUBEBUILDER_ASSETS to a folder that has it." >&2
    exit 1
  }
  begin=$SECONDS
  echo "building $binary ..." >&2
  (
    export CGO_ENABLED=0 GOFLAGS='-mod=mod -buildvcs=false -trimpath'
    if [ "$binary" = etcd ]; then enter_module go.etcd.io/etcd/server/v3 $ETCD; else enter_module k8s.io/kubernetes $K8S; fi
    v=k8s.io/component-base/version
    go build -ldflags "-s -w -X $v.gitVersion=v$K8S -X $v.gitMajor=1 -X $v.gitMinor=${K8S:2:2}" \
      -o "$FOLDER/.$binary" "$(package "$binary")"
  )
  mv "$FOLDER/.$binary" "$FOLDER/$binary"
  echo "built $binary in $((SECONDS - begin)) s" >&2
done
