# A conversation over the DUN device, twice: plain AT, identification, signal quality.
. /scenarios/nodes.sh

serve
for turn in 1 2; do
  at_open $AT_NODE
  at AT
  at ATI '[A-Za-z].*'
  at AT+CSQ '\+CSQ: [0-9]+,[0-9]+'
  at_close
done
stop_serving
