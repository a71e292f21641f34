# The story of README.md with LWP.
# Packages: libwww-perl
# Command: /usr/bin/perl
use strict;
use warnings;
use utf8;
use Encode qw(encode_utf8);
use HTTP::Request::Common;
use JSON::PP qw(decode_json);
use LWP::UserAgent;

my $base = shift;
my %form = (username => encode_utf8('Zoë & co + 100 %'), password => encode_utf8('a pässwörd = ☃; "x"'));

sub call {
  my ($client, $status, $request) = @_;
  my $answer = $client->request($request);
  die $request->uri . ": " . $answer->as_string if $answer->code != $status;
  return decode_json($answer->content);
}
sub route { return "$base/api/user/" . shift }

my $plain = LWP::UserAgent->new;
call($plain, 200, POST(route('create-account'), \%form));

my $browser = LWP::UserAgent->new(cookie_jar => {});
my $begun = call($browser, 200, POST(route('create-session'), \%form));
die 'no cookie was set' if $browser->cookie_jar->as_string eq '';
die 'another session' if call($browser, 200, GET(route('current-session')))->{sessionid} ne $begun->{sessionid};
call($browser, 200, HTTP::Request->new(PATCH => route('set-current-session-ended')));
# It keeps a cookie with Max-Age=0, without its value.
$browser->cookie_jar->scan(sub { die "$_[1] was not cleared" if $_[2] ne '' });
call($browser, 401, GET(route('current-session')));

$begun = call($plain, 200, POST(route('create-session'), \%form, Content_Type => 'form-data'));
my @header = (Authorization => "Bearer $begun->{sessionid}.$begun->{token}");
die 'another session' if call($plain, 200, GET(route('current-session'), @header))->{sessionid} ne $begun->{sessionid};
call($plain, 200, HTTP::Request->new(PATCH => route('set-current-session-ended'), \@header));
call($plain, 401, GET(route('current-session'), @header));
