# Ends a process and removes a folder when xtask is gone, however xtask ended. Standard input is a
# pipe that only xtask writes to: first the folder, then the id of the process to end, whenever that
# changes; an empty line is for none.
trap '' HUP INT TERM
IFS= read -r folder || exit
process=
while read -r line; do
    process=$line
done

if [ -n "$process" ]; then
    for signal in INT QUIT KILL; do
        kill -s "$signal" "$process" || break
        for second in 1 2 3 4 5 6 7 8 9 10; do
            sleep 1
            kill -s 0 "$process" || break 2
        done
    done
fi

# What has not ended yet may write into the folder while it is being removed.
for try in 1 2 3 4 5 6 7 8 9 10; do
    rm -rf "$folder" && break
    sleep 1
done
