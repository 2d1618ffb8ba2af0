// How one process on the host reads all files of a survey.

/**
 * Answers `read-file` in the frames of a survey: what stat(1) and cat(1) would say. Perl, since its base package is essential on Debian
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
