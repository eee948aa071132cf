//! What columns are called in Welsh and Spanish, without accents. Both put first what a name is: "dyddiad yr
//! arolwg" is a date, "comentarios del usuario" are comments.

use super::names::Hint::{
    self, Area, At, Attribute, Channel, Comment, Count, Device, Id, Language, Nothing, OtherDate, Page, Person,
    Question, Rating, Reply, Service, Touchpoint,
};

/// As the English ones.
pub(super) const PHRASES: &[(&str, Hint, u8)] = &[
    (
        "cyfeirnod|rhif cyfeirnod|rhif y cyfeirnod|rhif yr achos|rhif achos|rhif y tocyn|rhif cwyn|rhif yr ymateb|dynodwr|\
         referencia|numero de referencia|numero de caso|numero de expediente|expediente|folio|identificador|id de respuesta|\
         numero de ticket|id del comentario",
        Id,
        85,
    ),
    (
        "dyddiad cyflwyno|dyddiad y cyflwynwyd|dyddiad yr ymateb|dyddiad ymateb|dyddiad derbyn|dyddiad y derbyniwyd|\
         dyddiad creu|dyddiad yr adborth|dyddiad ac amser|stamp amser|dyddiad cwblhau|\
         fecha de envio|fecha de respuesta|fecha de recepcion|fecha de creacion|fecha de registro|fecha y hora|\
         marca temporal|fecha de la encuesta|fecha del comentario|fecha de entrada|fecha de finalizacion",
        At,
        95,
    ),
    ("dyddiad|fecha", At, 92),
    ("dyddiad dechrau|dyddiad yr ymweliad|amser|pryd|fecha de inicio|fecha de la visita|hora|cuando", At, 80),
    ("mis|wythnos|chwarter|mes|semana|trimestre|periodo", At, 40),
    (
        "dyddiad cau|dyddiad diweddaru|dyddiad datrys|dyddiad dod i ben|dyddiad ateb|fecha de cierre|fecha de actualizacion|\
         fecha de resolucion|fecha limite|fecha de vencimiento|ultima actualizacion",
        OtherDate,
        90,
    ),
    (
        "sylwadau|sylw|adborth|eich sylwadau|eich adborth|sylwadau eraill|sylwadau pellach|sylwadau ychwanegol|\
         unrhyw sylwadau|unrhyw sylwadau eraill|dywedwch fwy|dywedwch fwy wrthym|\
         yn eich geiriau eich hun|unrhyw beth arall|awgrymiadau|awgrym|testun rhydd|geiriau|rheswm dros y sgor|rheswm am y sgor|\
         comentario|comentarios|sus comentarios|tu comentario|comentarios adicionales|otros comentarios|\
         cuentenos mas|diganos mas|diganos por que|en sus palabras|algo mas que anadir|observaciones|\
         sugerencia|sugerencias|texto libre|opinion del usuario|motivo de la puntuacion|motivo de la valoracion",
        Comment,
        95,
    ),
    (
        "testun|cwyn|cwynion|neges|barn|disgrifiad|manylion|rheswm|rhesymau|nodiadau|ateb|ymateb|beth ddigwyddodd|canmoliaeth|\
         texto|queja|quejas|reclamacion|mensaje|opinion|opiniones|descripcion|detalle|detalles|motivo|razon|notas|respuesta|\
         que paso|elogio",
        Comment,
        75,
    ),
    ("teitl|crynodeb|titulo|resumen|asunto", Comment, 50),
    ("cwestiwn|testun y cwestiwn|pregunta|texto de la pregunta", Question, 90),
    (
        "boddhad|boddhad cyffredinol|sgor cyffredinol|sgor boddhad|profiad cyffredinol|satisfaccion|satisfaccion general|\
         puntuacion general|valoracion general|experiencia general|nivel de satisfaccion",
        Rating,
        95,
    ),
    (
        "sgor|sgoriau|gradd|graddfa|seren|ser|marc|puntuacion|valoracion|calificacion|nota|estrellas|evaluacion",
        Rating,
        85,
    ),
    (
        "rhwyddineb|ansawdd|cyfeillgarwch|glendid|cyflymder|ymddiriedaeth|eglurder|tegwch|facilidad|calidad|amabilidad|\
         limpieza|rapidez|confianza|claridad|atencion|trato|tiempo de espera|amser aros",
        Rating,
        55,
    ),
    (
        "gwasanaeth|enw gwasanaeth|enwr gwasanaeth|enw y gwasanaeth|math o wasanaeth|pa wasanaeth|servicio|nombre del servicio|\
         tipo de servicio|servicio utilizado",
        Service,
        95,
    ),
    (
        "adran|enw adran|enwr adran|tim|swyddfa|uned|departamento|direccion general|oficina|unidad|equipo|concejalia",
        Service,
        70,
    ),
    ("pwynt cyswllt|cam|cam y daith|punto de contacto|etapa|paso", Touchpoint, 85),
    ("sianel|sianel cyswllt|dull cysylltu|canal|canal de contacto|via de contacto|canal de entrada", Channel, 95),
    ("dull|cyfrwng|ffynhonnell|modo|medio|origen|via", Channel, 65),
    ("tudalen|cyfeiriad y dudalen|tudalen we|pagina|pagina web|direccion web|enlace", Page, 85),
    ("dyfais|math o ddyfais|dispositivo|tipo de dispositivo", Device, 90),
    ("iaith|dewis iaith|iaith yr arolwg|idioma|lengua|idioma preferido|idioma de la encuesta", Language, 85),
    ("ward etholiadol|ardal|ardal leol|bro|barrio|distrito|zona|distrito municipal", Area, 90),
    ("sir|cyngor|tref|pentref|dinas|cymuned|rhanbarth|provincia|municipio|ciudad|localidad|comunidad|region", Area, 70),
    ("safle|lleoliad|gwlad|lugar|ubicacion|sede|centro|pais", Area, 35),
    (
        "oed|oedran|grwp oedran|band oedran|ystod oedran|edad|grupo de edad|rango de edad|tramo de edad",
        Attribute("age"),
        90,
    ),
    ("rhyw|rhywedd|hunaniaeth rhywedd|sexo|genero|identidad de genero", Attribute("gender"), 90),
    ("ethnigrwydd|grwp ethnig|etnia|grupo etnico|origen etnico", Attribute("ethnicity"), 90),
    ("anabledd|anabl|cyflwr iechyd|discapacidad", Attribute("disability"), 90),
    ("crefydd|crefydd neu gred|religion|creencia", Attribute("religion"), 90),
    ("deiliadaeth|math o ddeiliadaeth|tenencia|regimen de tenencia", Attribute("tenure"), 90),
    (
        "categori|pwnc|thema|themau|math|math o adborth|math o gwyn|statws|blaenoriaeth|grwp|categoria|tema|temas|tipo|\
         tipo de queja|tipo de comentario|estado|prioridad|etiqueta|etiquetas|grupo",
        Attribute(""),
        70,
    ),
    (
        "tenant|cwsmer|preswylydd|claf|galwr|swyddog|cyswllt|aelod|ymwelydd|rheolwr|inquilino|inquilina|cliente|residente|\
         paciente|ciudadano|ciudadana|vecino|vecina|agente|funcionario|funcionaria|contacto|persona|gestor|gestora|operador",
        Person,
        80,
    ),
    (
        "ein hymateb|ymateb y cyngor|ateb y cyngor|camau a gymerwyd|nuestra respuesta|respuesta del ayuntamiento|\
         respuesta de la administracion|respuesta oficial|medidas adoptadas|acciones tomadas",
        Reply,
        90,
    ),
    (
        "nifer|nifer yr ymatebion|cyfanswm|hyd|cantidad|numero de respuestas|total de respuestas|duracion|porcentaje|importe",
        Count,
        80,
    ),
    ("cydsyniad|caniatad i gyhoeddi|consentimiento|consentimiento informado|archivo adjunto|foto|fotos", Nothing, 80),
];
