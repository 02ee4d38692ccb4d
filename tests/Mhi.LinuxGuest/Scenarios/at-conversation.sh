# A conversation over the DUN channel: plain AT, identification, signal quality.
. /scenarios/lib.sh

at_open
at AT
at ATI '[A-Za-z].*'
at AT+CSQ '\+CSQ: [0-9]+,[0-9]+'
at_close
