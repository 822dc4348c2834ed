//! Names: companies that do not exist, their people, and the account managers.
//!
//! A company's number is sent through an affine permutation of all the words that its kind of name can be made of,
//! so that no two clients share a name before the words are used up; then a made-up place or a suffix tells them
//! apart. Domains end in `.example`, which nobody can own.

use super::draw::{Draw, Stream};
use super::life::{Life, Segment};
use crate::clients::{ContactInput, fold};
use serde_json::{Map, Value};

pub(super) const OWNERS: [&str; 6] =
    ["Camille Roux", "Samir Haddad", "Inès Morel", "Julien Garnier", "Nadia Benali", "Thomas Lefèvre"];

/// What an account is called and where it stands.
pub(super) struct Identity {
    pub name: String,
    pub domain: String,
    pub industry: &'static str,
    pub country: &'static str,
    pub owner: &'static str,
    pub traits: Map<String, Value>,
}

pub(super) fn identity(seed: u64, index: u32, segment: Segment) -> Identity {
    let mut draw = Draw::new(seed, Stream::Names, index, 0);
    let (name, industry) = company(seed, index, segment, &mut draw);
    let country = draw.weighted(&[("FR", 84), ("BE", 8), ("CH", 5), ("LU", 3)]);
    let owner = draw.pick(&OWNERS);
    let employees = match segment {
        Segment::Tpe => draw.between(2, 19),
        Segment::Pme => draw.between(20, 249),
        Segment::Eti => draw.between(250, 2_400),
        Segment::Large => draw.between(2_500, 18_000),
    };
    let source = draw.weighted(&[
        ("Recommandation", 30),
        ("Site web", 28),
        ("Salon", 16),
        ("Prospection", 16),
        ("Partenaire", 10),
    ]);
    let mut traits = Map::new();
    traits.insert("effectif".to_owned(), employees.into());
    traits.insert("origine".to_owned(), source.into());
    Identity { domain: format!("{}.example", slug(&name)), name, industry, country, owner, traits }
}

/// Steps through `0..size` in an order of the seed's own, each value once.
fn permuted(seed: u64, kind: u64, index: u32, size: usize) -> (usize, usize) {
    let size = size as u64;
    let mut draw = Draw::new(seed, Stream::Portfolio, 0, kind);
    let offset = draw.bits() % size;
    let mut step = draw.bits() % size;
    while gcd(step, size) != 1 {
        step = (step + 1) % size;
    }
    let index = u64::from(index);
    (((index % size * step + offset) % size) as usize, (index / size) as usize)
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn company(seed: u64, index: u32, segment: Segment, draw: &mut Draw) -> (String, &'static str) {
    // A very large account is no joinery: it goes by an invented word, often a group's.
    let large = segment == Segment::Large;
    match if large { 0 } else { draw.between(0, 9) } {
        0..=4 => {
            let (at, round) = permuted(seed, 1, index, STARTS.len() * MIDDLES.len() * ENDS.len());
            let start = STARTS[at % STARTS.len()];
            let middle = MIDDLES[at / STARTS.len() % MIDDLES.len()];
            let end = ENDS[at / STARTS.len() / MIDDLES.len()];
            let word = format!("{start}{middle}{end}");
            // Most stand alone; when all words are used up, the suffix tells the rounds apart.
            let suffix = match round {
                0 => draw.weighted(&[("", 62), (" Conseil", 9), (" Industrie", 9), (" Services", 8), (" Habitat", 6)]),
                _ => SUFFIXES[(round - 1) % SUFFIXES.len()],
            };
            let name = if suffix.is_empty() && draw.chance(if large { 0.6 } else { 0.1 }) {
                format!("Groupe {word}")
            } else {
                format!("{word}{suffix}")
            };
            (name, draw.pick(&INDUSTRIES))
        }
        5..=7 => {
            let (at, round) = permuted(seed, 2, index, HOUSES.len() * FAMILIES.len());
            let (house, industry) = HOUSES[at % HOUSES.len()];
            let family = FAMILIES[at / HOUSES.len()];
            (located(format!("{house} {family}"), round), industry.unwrap_or_else(|| draw.pick(&INDUSTRIES)))
        }
        _ => {
            let (at, round) = permuted(seed, 3, index, TRADES.len() * PLACES.len());
            let (trade, industry) = TRADES[at % TRADES.len()];
            (located(format!("{trade} {}", PLACES[at / TRADES.len()]), round), industry)
        }
    }
}

/// From the second round on, a town that is on no map.
fn located(name: String, round: usize) -> String {
    if round == 0 {
        return name;
    }
    let (head, tail) = (TOWN_HEADS[round % TOWN_HEADS.len()], TOWN_TAILS[round / TOWN_HEADS.len() % TOWN_TAILS.len()]);
    format!("{name} {head}{tail}")
}

/// The name as part of a domain or address.
fn slug(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && !matches!(*word, "du" | "de" | "des" | "la" | "le" | "les" | "l" | "d"))
        .map(str::to_owned)
        .collect();
    words.join("-")
}

/// The people of a client. The first is the sponsor; all can use the product.
pub(super) fn contacts(life: &Life, identity: &Identity, users: u16) -> Vec<ContactInput> {
    let mut taken: Vec<String> = Vec::new();
    (0..users)
        .map(|user| {
            let mut draw = life.draw(Stream::People, u64::from(user));
            let (first, last) = (draw.pick(&FIRST_NAMES), draw.pick(&LAST_NAMES));
            let plain = format!("{}.{}", slug(first), slug(last));
            // Two people of one name: the second gets a number, as administrators do.
            let same = taken.iter().filter(|name| **name == plain).count();
            let address = if same == 0 { plain.clone() } else { format!("{plain}{}", same + 1) };
            taken.push(plain);
            let title = match user {
                0 => draw.pick(&SPONSORS),
                1 => "Administrateur de la plateforme",
                _ => draw.pick(&ROLES),
            };
            ContactInput {
                external_id: format!("{}-u{:02}", life.external_id(), user + 1),
                client_external_id: Some(life.external_id()),
                name: Some(format!("{first} {last}")),
                email: Some(format!("{address}@{}", identity.domain)),
                role: None,
                title: Some(title.to_owned()),
                left_on: None,
                traits: Map::new(),
            }
        })
        .collect()
}

#[rustfmt::skip]
const STARTS: [&str; 44] = [
    "Al", "Alt", "Arv", "Bal", "Bel", "Bor", "Cad", "Calv", "Cor", "Dal", "Dor", "Elv", "Fal", "Fer", "Gal", "Gar",
    "Hal", "Hex", "Hil", "Isl", "Jal", "Kerv", "Lav", "Lor", "Lum", "Mal", "Mer", "Nal", "Nord", "Orl", "Pal", "Pav",
    "Quer", "Ral", "Rov", "Sal", "Sol", "Tal", "Tern", "Ulm", "Val", "Vel", "Vern", "Zel",
];

#[rustfmt::skip]
const MIDDLES: [&str; 12] = ["a", "é", "i", "o", "u", "an", "el", "éo", "ia", "or", "ino", "au"];

#[rustfmt::skip]
const ENDS: [&str; 36] = [
    "den", "log", "via", "nis", "mont", "vane", "lis", "rex", "mia", "zen", "nor", "dis", "tech", "line", "gine",
    "bat", "flor", "rive", "cert", "thal", "vert", "brune", "cour", "dane", "gest", "lène", "dia", "mane", "pole",
    "lane", "son", "tis", "val", "fort", "rane", "zel",
];

#[rustfmt::skip]
const SUFFIXES: [&str; 9] = [
    " Développement", " Participations", " International", " Solutions", " Gestion", " Partenaires", " Associés",
    " Expertise", " Logistique",
];

const INDUSTRIES: [&str; 12] = [
    "Industrie",
    "Commerce",
    "Santé",
    "Logistique",
    "Conseil",
    "Formation",
    "Hôtellerie",
    "Bâtiment",
    "Agroalimentaire",
    "Finance",
    "Logiciel",
    "Énergie",
];

const HOUSES: [(&str, Option<&str>); 28] = [
    ("Maison", Some("Commerce")),
    ("Atelier", Some("Artisanat")),
    ("Ateliers", Some("Industrie")),
    ("Groupe", None),
    ("Établissements", None),
    ("Cabinet", Some("Conseil")),
    ("Minoterie", Some("Agroalimentaire")),
    ("Transports", Some("Logistique")),
    ("Menuiserie", Some("Bâtiment")),
    ("Imprimerie", Some("Industrie")),
    ("Laboratoire", Some("Santé")),
    ("Domaine", Some("Agroalimentaire")),
    ("Brasserie", Some("Agroalimentaire")),
    ("Mécanique", Some("Industrie")),
    ("Constructions", Some("Bâtiment")),
    ("Éditions", Some("Médias")),
    ("Assurances", Some("Finance")),
    ("Étude", Some("Conseil")),
    ("Fonderie", Some("Industrie")),
    ("Jardins", Some("Commerce")),
    ("Librairie", Some("Commerce")),
    ("Verrerie", Some("Industrie")),
    ("Tissages", Some("Industrie")),
    ("Charpentes", Some("Bâtiment")),
    ("Conserverie", Some("Agroalimentaire")),
    ("Fromagerie", Some("Agroalimentaire")),
    ("Scierie", Some("Industrie")),
    ("Studio", Some("Médias")),
];

#[rustfmt::skip]
const FAMILIES: [&str; 90] = [
    "Verdier", "Halden", "Ternay", "Kervella", "Brune", "Duval", "Orsay", "Valmier", "Castagne", "Delorme", "Fauvel",
    "Grandin", "Hurel", "Janvrin", "Lambrecht", "Maréchal", "Noblet", "Ollivier", "Pasquet", "Quentin", "Ravel",
    "Salvan", "Tessier", "Vasseur", "Aubrac", "Bertille", "Cassard", "Darcel", "Estève", "Ferrand", "Gaubert",
    "Hostier", "Imbert", "Jourdain", "Kermadec", "Laurière", "Mazure", "Naudin", "Oriol", "Périgaud", "Rivoire",
    "Sabatier", "Thévenot", "Vauquelin", "Aymard", "Bonnefoy", "Chastel", "Dufresne", "Éverard", "Fontanel",
    "Guillory", "Hautecour", "Isambard", "Joubert", "Lacaze", "Montclar", "Nivelle", "Orvault", "Pradier", "Roussel",
    "Séverac", "Taillandier", "Vernay", "Albaret", "Beaumier", "Clairval", "Desmarets", "Escoffre", "Ginoux",
    "Hennequin", "Jaubert", "Lestrade", "Malaval", "Neuville", "Oudinot", "Plessis", "Rocheval", "Soubiran",
    "Trévisan", "Viguier", "Arnoul", "Bressieux", "Courtade", "Delfosse", "Falguière", "Garrigue", "Lormont",
    "Mirecourt", "Pontier", "Saulnier",
];

const TRADES: [(&str, &str); 24] = [
    ("Clinique", "Santé"),
    ("Pharmacie", "Santé"),
    ("Laboratoire", "Santé"),
    ("Polyclinique", "Santé"),
    ("Résidence", "Hôtellerie"),
    ("Hôtel", "Hôtellerie"),
    ("Auberge", "Hôtellerie"),
    ("Camping", "Hôtellerie"),
    ("Brasserie", "Agroalimentaire"),
    ("Coopérative", "Agroalimentaire"),
    ("Moulin", "Agroalimentaire"),
    ("Vergers", "Agroalimentaire"),
    ("École", "Formation"),
    ("Institut", "Formation"),
    ("Crèche", "Formation"),
    ("Carrières", "Industrie"),
    ("Papeterie", "Industrie"),
    ("Tuilerie", "Bâtiment"),
    ("Comptoir", "Commerce"),
    ("Marché", "Commerce"),
    ("Halles", "Commerce"),
    ("Messageries", "Logistique"),
    ("Entrepôts", "Logistique"),
    ("Régie", "Énergie"),
];

#[rustfmt::skip]
const PLACES: [&str; 56] = [
    "du Parc", "des Tilleuls", "de la Vallée", "du Lac", "des Acacias", "de l’Étang", "du Vieux Pont", "des Trois Rois",
    "de la Fontaine", "du Belvédère", "des Remparts", "de la Plaine", "du Grand Chêne", "des Marronniers",
    "de la Colline", "du Val Clair", "des Quatre Vents", "de la Source", "du Cèdre", "des Hirondelles", "de la Rive",
    "du Phare", "des Oliviers", "de la Tour Carrée", "du Moulin Blanc", "des Bruyères", "de la Clairière",
    "du Haut Pré", "des Genêts", "de la Lande", "du Pont Neuf", "des Peupliers", "de la Roseraie", "du Ruisseau",
    "des Glycines", "de la Garenne", "du Verger", "des Sablons", "de la Pierre Levée", "du Rocher", "des Alizés",
    "de la Baie", "du Coteau", "des Iris", "de la Combe", "du Plateau", "des Dunes", "de la Forêt", "du Canal",
    "des Saules", "de la Cascade", "du Causse", "des Bleuets", "de la Falaise", "du Bocage", "des Cormorans",
];

#[rustfmt::skip]
const TOWN_HEADS: [&str; 12] = [
    "Mont", "Roche", "Val", "Font", "Clair", "Beau", "Haute", "Pierre", "Chante", "Bois", "Ville", "Fort",
];

#[rustfmt::skip]
const TOWN_TAILS: [&str; 10] = [
    "aubrin", "ferval", "marsin", "courlis", "dorange", "mirel", "sauvin", "vernelle", "landry", "bressol",
];

#[rustfmt::skip]
const FIRST_NAMES: [&str; 64] = [
    "Adèle", "Adrien", "Agathe", "Alexandre", "Alice", "Amina", "Anaïs", "Antoine", "Arnaud", "Aurélie", "Baptiste",
    "Béatrice", "Benoît", "Caroline", "Cédric", "Charlotte", "Chloé", "Claire", "Clément", "Damien", "David", "Élise",
    "Élodie", "Émilie", "Fabien", "Fatima", "Florence", "François", "Gaëlle", "Guillaume", "Hélène", "Hugo", "Isabelle",
    "Jérôme", "Karim", "Laetitia", "Laurent", "Léa", "Louis", "Lucie", "Manon", "Marc", "Marion", "Mathieu", "Mehdi",
    "Mélanie", "Nicolas", "Nora", "Olivier", "Pauline", "Philippe", "Quentin", "Rachid", "Romain", "Sandrine", "Sarah",
    "Sébastien", "Stéphanie", "Sylvain", "Théo", "Valérie", "Vincent", "Yann", "Zoé",
];

#[rustfmt::skip]
const LAST_NAMES: [&str; 72] = [
    "Adam", "Arnaud", "Aubert", "Barbier", "Baron", "Benoit", "Bertrand", "Blanc", "Bonnet", "Boucher", "Bouvier",
    "Brun", "Carpentier", "Charpentier", "Chevalier", "Colin", "Cordier", "Da Silva", "David", "Denis", "Dubois",
    "Dumas", "Dupuis", "Étienne", "Fabre", "Faure", "Fleury", "Fournier", "Gauthier", "Gérard", "Girard", "Guerin",
    "Hamdi", "Henry", "Hubert", "Jacquet", "Joly", "Kaddour", "Lacroix", "Lambert", "Leclerc", "Lemaire", "Leroux",
    "Lopez", "Marchand", "Martinez", "Masson", "Mercier", "Meyer", "Moulin", "Nguyen", "Nicolas", "Olivier", "Perrin",
    "Petit", "Picard", "Poirier", "Renard", "Rey", "Richard", "Robin", "Roussel", "Roy", "Schmitt", "Simon", "Traoré",
    "Vidal", "Vincent", "Weber", "Yilmaz", "Zeller", "Ziani",
];

const SPONSORS: [&str; 6] = [
    "Directrice générale",
    "Directeur général",
    "Directrice des opérations",
    "Directeur financier",
    "Directrice de la transformation",
    "Gérant",
];

const ROLES: [&str; 8] = [
    "Contrôleuse de gestion",
    "Responsable d’équipe",
    "Chef de projet",
    "Chargée de clientèle",
    "Responsable qualité",
    "Analyste",
    "Assistant de direction",
    "Responsable logistique",
];
