# seconds: 300
# The suite of all transports, each test with the function to itself.
. /scenarios/vfio.sh

bind_vfio
export MHI_TRANSPORT=vfio:$BDF
works 280 mhi-tests --only VfioTransport
note "$(tail -n 1 /tmp/out)"
