#!/bin/sh
# Who may log in to Filebrowser. Written by clincher.
if [ "$USERNAME" = files ] && [ "$PASSWORD" = "$(cat /etc/clincher/password)" ]
then echo hook.action=auth
else echo hook.action=block
fi
