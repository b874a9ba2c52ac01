package corpus

import "strings"

// Word lists, most frequent first: position is rank in the Zipf draw of
// zipf.go. All lists are this project's own plain vocabulary; the long tail
// comes from the affixes below and from compounds, names and numbers.

const (
	determinerList  = `the the the a a this that his her their its our some any no each every another such one`
	pronounList     = `he it she they I we you this that someone nobody everyone`
	objectList      = `him it her them me us you this that someone nobody everyone himself herself themselves`
	prepositionList = `of in to on with for at from by into over through under between against after before without about across behind near along beyond within toward during upon among around`
	conjunctionList = `and but so or yet for because while although though since when until as if whereas unless`
	adverbList      = `not then now only very still again never always often once almost soon perhaps already even quite rather together away back down up out there here just too slowly quickly quietly suddenly at_last in_the_end of_course by_then for_a_while no_longer at_once`
	modalList       = `would could might must will can should may did was_able_to had_to used_to`

	nounList = `time man hand day way eye thing head year door word face room house life place night world voice
work water light side morning mother father woman boy child girl name end table story letter street question
town road mind moment hour minute window book friend war paper money heart body part line power people school
country point group fact case week company system program problem home family number month business issue
city community idea service law car kitchen garden river wall fire tree horse stone shadow silence answer
reason sound smile floor bed chair corner step hope fear glass hill field ship captain sea wind rain snow
winter summer autumn spring sky star moon sun cloud storm evening afternoon dinner breakfast bread cup knife
coat hat boot shoe pocket key lock clock bell lamp candle mirror picture photograph map journey train station
bridge church tower castle palace king queen prince lord lady master servant soldier officer doctor teacher
lawyer judge clerk farmer merchant sailor hunter writer painter singer stranger neighbour visitor guest uncle
aunt cousin brother sister son daughter husband wife widow baby crowd party meeting dance song music piano
violin drum theatre actor play scene act law court prison guard crime murder secret lie truth promise dream
memory thought feeling love hate anger joy grief pain pleasure pride shame courage honour duty habit custom
manner taste smell touch sight noise whisper cry laugh tear breath blood bone skin hair mouth lip tongue
tooth nose ear neck shoulder arm finger knee leg foot back chest stomach dog cat bird fish sheep cow wolf bear
fox mouse rat snake insect flower leaf grass seed root branch forest wood mountain valley desert island shore
beach wave tide harbour boat sail rope anchor deck cabin cargo market shop store office bank factory machine
engine wheel tool hammer nail wire pipe rod box bag basket bottle barrel cloth silk cotton wool leather gold
silver iron steel coin price cost debt tax wage profit loss trade contract agreement bargain offer request
order rule plan design pattern shape form size weight height length distance speed force pressure heat cold
temperature climate weather season century decade age youth history past future present event accident chance
luck fate danger risk safety peace battle enemy army weapon sword gun bullet shot wound disease fever medicine
hospital nurse patient death funeral grave ghost spirit soul god priest prayer faith doubt belief opinion
argument reply remark speech language sentence page chapter poem novel newspaper magazine library author
reader student lesson test examination mistake error success failure effort attempt effect cause result
purpose aim goal method process change growth decline rise fall beginning middle edge centre surface bottom
top inside outside north south east west direction path track trail gate fence yard barn roof ceiling stair
hall passage cellar attic chimney shelf drawer cupboard curtain carpet blanket pillow sheet towel soap brush
comb needle thread button ribbon ring necklace jewel crown flag banner signal sign mark stain spot hole crack
gap piece fragment slice layer row column list set pair dozen hundred crowd majority minority government
minister president election vote party policy reform revolution nation border province village district
region farm crop harvest grain wheat rice corn apple orange lemon pear plum grape cherry nut honey sugar salt
pepper butter cheese milk cream egg meat soup stew pie cake wine beer tea coffee tobacco smoke ash dust mud
sand clay rock cliff cave lake pond stream brook waterfall well fountain bath science experiment theory
discovery invention instrument telescope laboratory professor scholar philosopher artist craftsman carpenter
baker butcher tailor smith miller shepherd fisherman messenger traveller pilgrim beggar thief pirate rebel
hero villain fool genius giant dwarf angel devil monster dragon creature beast animal plant`

	verbList = `look turn seem ask want call walk talk open stay wait follow reach pass move stop start like
live believe remember remain appear happen watch listen answer notice wonder cross pull push climb shout
whisper laugh smile nod glance stare point touch lift drop carry gather search explain describe mention repeat
admit agree refuse promise offer accept receive return arrive enter leave_off visit travel wander hurry rush
march ride_on row work rest dream hope fear love hate need help save protect attack destroy damage repair fix
paint clean wash cook boil roast pour fill empty cover close lock knock strike_at beat_off kick press squeeze
fold wrap pack load mark sign print publish record report announce declare claim deny doubt suspect guess
imagine expect intend plan prepare arrange manage control direct order command allow permit prevent force
persuade warn threaten punish reward praise blame accuse defend judge decide choose_to prefer enjoy suffer
endure survive escape disappear vanish fade shine burn glow flash flicker tremble shake_off shiver breathe cough
sigh groan weep cry scream mutter murmur insist suggest propose argue discuss consider examine study learn
teach_to practise improve develop grow_to increase reduce change transform create produce build_up form shape
design invent discover explore hunt capture release deliver collect count measure weigh compare match join
connect attach separate divide share exchange trade borrow lend_out owe pay_for earn waste spend_on invest
depend rely trust obey serve attend invite greet welcome introduce marry kiss embrace comfort disturb annoy
frighten surprise astonish puzzle confuse interest please satisfy disappoint`

	adjectiveList = `old little good long great young new small other own last white black dark large certain high
strange poor whole different quiet dead heavy strong clear cold hot warm deep thin thick narrow broad
empty full open wild gentle soft hard sharp bright pale red blue green grey brown yellow golden silver rough
smooth dry wet clean dirty rich proud humble honest clever wise foolish brave cruel kind cheerful gloomy sad
happy angry calm nervous anxious careful careless lazy busy idle slow quick sudden silent loud faint distant
near foreign native common rare ordinary curious familiar secret public private royal holy ancient modern
early late recent former final perfect simple plain complex difficult easy possible impossible necessary
useful useless valuable precious cheap expensive huge tiny enormous tall short wide steep level crooked
straight round square hollow solid loose tight broken torn worn fresh stale sweet bitter sour ripe raw blind
deaf dumb lame weak sick healthy tired sleepy hungry thirsty drunk sober mad sane innocent guilty grateful
jealous generous greedy selfish patient polite rude friendly hostile faithful false true real actual probable
constant frequent occasional regular violent savage fierce terrible horrible dreadful awful splendid
magnificent wonderful beautiful handsome pretty ugly graceful awkward elegant shabby`

	// Legal and technical words of licence and README text, most frequent first.
	termNounList = `software licence work copyright source file code notice program version copy condition
party library distribution contributor modification permission right warranty term document patent user
author holder module package project release build test option command directory function value argument
configuration example change issue branch repository server client request response error message log
interface parameter default variable table index field record entry key token buffer stream thread process
memory cache page image font format header output input path name string number list map type class method
object instance event handler callback driver plugin extension template script dependency platform system
compiler runtime environment container image network socket port address host domain certificate signature
hash checksum archive installer binary executable section clause paragraph exhibit schedule appendix
provision obligation liability damage claim loss profit action tort contract negligence merchantability
fitness purpose infringement remedy court jurisdiction statute regulation compliance trademark logo brand
derivative portion fee charge consideration grant sublicense recipient licensee licensor entity corporation
foundation maintainer committer reviewer guideline convention policy benchmark workload throughput latency
allocation pointer kernel scheduler queue worker batch pipeline stage step schema migration query transaction
lock snapshot replica shard cluster node region tenant session cookie header credential secret scope role
audit metric counter gauge histogram trace span alert dashboard`

	termVerbList = `use copy modify distribute include provide install run build publish permit require grant
apply contain retain reproduce license sublicense convey transfer make_available sell_or_offer disclaim limit
exclude terminate comply indemnify warrant represent accept agree support configure enable disable create
update remove add call return open close read_back write_out parse render convert encode decode compress
allocate release register load start stop restart connect send_out receive wait retry fail check validate
verify sign hash store fetch list print format report log handle ignore override define declare implement
extend replace merge submit review document test benchmark profile measure`

	termAdjectiveList = `applicable original modified new free open public required
available possible certain following above entire whole separate combined derived royalty-free worldwide
perpetual irrevocable non-exclusive express implied statutory direct indirect incidental special exemplary
consequential specific general particular current previous stable experimental deprecated optional default
local remote static dynamic portable native internal external custom global unique valid invalid missing
empty large small fast slow safe unsafe thread-safe high-level low-level third-party open-source cross-platform
read-only case-sensitive machine-readable human-readable backward-compatible self-contained`

	termAdverbList = `not only also otherwise expressly hereby solely thereof therein prominently conspicuously
automatically explicitly optionally usually currently always never first then already directly internally
at_least in_addition for_example by_default at_runtime in_particular as_is without_limitation`

	firstNameList = `John Mary James Anna William Elizabeth Thomas Margaret George Helen Henry Alice Robert Clara
Edward Ruth Charles Emma Arthur Lucy Frederick Martha Samuel Rose Daniel Julia Peter Sarah Paul Jane Oliver
Agnes Hugh Eleanor Walter Harriet Simon Catherine Martin Dorothy Nathan Edith Victor Laura Adam Irene Felix
Nora Jonas Vera Anton Greta Ivan Olga Marco Lucia Pierre Colette Hans Ingrid Karl Sofia Andre Elena José Zoë
René Chloë Jürgen Søren`

	nameHeadList = `Ash Black Brook Car Chester Clay Crow Dal East Ever Fair Farn Glen Gold Grim Hal Hart Hawk Heather
Hol Kel Lang Lin Mar Mill Mor Nor Oak Pem Rad Raven Red Ring Rock Rose Rush Shel Sher Silver Stan Sten Stock
Stone Sut Thorn Wal War Wes Whit Wil Win Wood Wych York`
	nameTailList = `ton ham ley ford wood field well worth by burn dale combe gate man son ridge more land bury ster court`

	compoundHeadList = `air arm back bed bell black blue book bread breast bull candle case chalk church clock cloud coal
corn cross day dead dock dog door down drift earth egg even eye farm finger fire fish flag foot fore frost gate
glass gold grand grass green ground hail half hand hard head hearth heart high hill home horse house ice iron
key lamp land law life light lock long low main mid mill moon moor mouse mud neck night north oak out over
pack paper quick rail rain rat red river road rock roof rope safe sail salt sand school sea sheep ship shore
side silver slip small snow some south star steam step stone storm street summer sun sweet tail tea thumb
thunder tide time tool tooth under up wall wash watch water way week well west wheel white wild wind window
winter wood wool work yard year`
	compoundTailList = `bank bird board box boy brush bush cap chain cloth craft cup cut dress drop dust fall fish
flower fold frame fruit gate guard hand head hold hole hook horn house keeper ladder land less light like line
lock log maker man mark mate mill paper path piece pipe place plate point port post pot proof rack rise road
rock room root row scape seller shade ship side skin smith song spread stand stead stick stone storm stroke
tail top track trap ward wash watch way weed wheel wind wing wood work worker worth yard`
)

// fields splits a list; an underscore joins the words of one entry.
func fields(list string) []string {
	words := strings.Fields(list)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "_", " ")
	}
	return words
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// split2 cuts a phrase such as "leave off" into the verb and its rest.
func split2(w string) (verb, rest string) {
	if i := strings.IndexByte(w, ' '); i >= 0 {
		return w[:i], w[i:]
	}
	return w, ""
}

// plural is the regular English plural, which is also the verb's -s form.
func plural(w string) string {
	w, rest := split2(w)
	switch n := len(w); {
	case w == "man" || strings.HasSuffix(w, "sman") || strings.HasSuffix(w, "rman") || w == "woman":
		return w[:n-2] + "en" + rest
	case w == "child":
		return "children" + rest
	case w == "foot" || w == "tooth":
		return w[:1] + "ee" + w[3:] + rest
	case n > 1 && w[n-1] == 'y' && !isVowel(w[n-2]):
		return w[:n-1] + "ies" + rest
	case strings.HasSuffix(w, "s") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "ch") ||
		strings.HasSuffix(w, "sh") || strings.HasSuffix(w, "z"):
		return w + "es" + rest
	}
	return w + "s" + rest
}

// irregularPast holds the verbs of the lists whose past is not -ed.
var irregularPast = map[string]string{
	"leave": "left", "ride": "rode", "strike": "struck", "beat": "beat", "choose": "chose", "shake": "shook",
	"teach": "taught", "grow": "grew", "build": "built", "lend": "lent", "pay": "paid", "spend": "spent",
	"run": "ran", "make": "made", "sell": "sold", "read": "read", "write": "wrote", "send": "sent",
	"shine": "shone", "weep": "wept", "understand": "understood",
}

func past(w string) string {
	w, rest := split2(w)
	if p, ok := irregularPast[w]; ok {
		return p + rest
	}
	switch n := len(w); {
	case w[n-1] == 'e':
		return w + "d" + rest
	case w[n-1] == 'y' && !isVowel(w[n-2]):
		return w[:n-1] + "ied" + rest
	case doubles(w):
		return w + w[n-1:] + "ed" + rest
	}
	return w + "ed" + rest
}

func gerund(w string) string {
	w, rest := split2(w)
	switch n := len(w); {
	case strings.HasSuffix(w, "ee"):
		return w + "ing" + rest
	case w[n-1] == 'e':
		return w[:n-1] + "ing" + rest
	case doubles(w):
		return w + w[n-1:] + "ing" + rest
	}
	return w + "ing" + rest
}

// doubles reports whether a verb doubles its last consonant (stop, stopped).
func doubles(w string) bool {
	switch w {
	case "stop", "drop", "plan", "wrap", "control", "admit", "permit", "submit", "commit", "prefer", "transfer":
		return true
	}
	return len(w) == 3 && strings.IndexByte("bdgmnpt", w[2]) >= 0 && isVowel(w[1]) && !isVowel(w[0])
}

func adverbOf(w string) string {
	switch n := len(w); {
	case strings.HasSuffix(w, "le") && n > 3 && !isVowel(w[n-3]):
		return w[:n-1] + "y"
	case w[n-1] == 'y' && n > 3:
		return w[:n-1] + "ily"
	case strings.HasSuffix(w, "ll"):
		return w + "y"
	}
	return w + "ly"
}

func nessOf(w string) string {
	if n := len(w); w[n-1] == 'y' && n > 3 {
		return w[:n-1] + "iness"
	}
	return w + "ness"
}

func mapWords(words []string, f func(string) string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = f(w)
	}
	return out
}

// cross returns every head joined to every tail, in an order that mixes both.
func cross(heads, tails []string, sep string) []string {
	out := make([]string, 0, len(heads)*len(tails))
	for k := range len(heads) * len(tails) {
		// Stepping by a number prime to the count visits every pair once.
		i := k * 7919 % (len(heads) * len(tails))
		h, t := heads[i/len(tails)], tails[i%len(tails)]
		if h != t {
			out = append(out, h+sep+t)
		}
	}
	return out
}
