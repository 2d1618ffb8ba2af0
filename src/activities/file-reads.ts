// Which of a survey's commands read a file, and how one process reads them all: two for each would be a third of the work.

export interface FileRead {
  /** Of the command in the survey. */
  index: number;
  path: string;
}

/** What `file()` of commands/files.ts renders to, for a path that needs no quotes. */
const READS_FILE = /^stat -L -c '%a %U %G' -- ([^\s']+) && cat -- (\S+)$/;

export const fileReads = (commands: readonly string[]): FileRead[] =>
  commands.flatMap((command, index) => {
    const [, path, same] = READS_FILE.exec(command) ?? [];
    return path !== undefined && path === same ? [{ index, path }] : [];
  });

/**
 * Answers in the frames of a survey what stat(1) and cat(1) would. Perl, since its base package is essential on Debian
 * and Ubuntu, and starts in 2 ms. Arguments: the nonce, then index and path of each.
 */
export const PERL = `my $nonce = shift; binmode STDOUT; undef $/;
while (my ($index, $path) = splice @ARGV, 0, 2) {
  my ($code, $why, $handle) = (0, "");
  if (!open $handle, "<:raw", $path) { ($code, $why) = (1, "$path: $!\\n") }
  elsif (-d $handle) { ($code, $why) = (1, "$path: Is a directory\\n") }
  else {
    my @now = stat $handle;
    printf "%o %s %s\\n", $now[2] & 07777, getpwuid($now[4]) // "UNKNOWN", getgrgid($now[5]) // "UNKNOWN";
    print scalar <$handle> // "";
  }
  print "\\n\\@$nonce $index $code\\n$why\\n\\@$nonce .\\n";
}`;
